"""The book to take along: all pages of a language in one file, made from the pages as they are published."""
