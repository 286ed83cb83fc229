"""Invoices this project drew itself: the data, the drawings and what is to be read from them."""
