"""How fast is reading, and how much memory does it need, beside other programs?"""
