"""What follows from a correction by arithmetic: readings that were computed, and offers."""
