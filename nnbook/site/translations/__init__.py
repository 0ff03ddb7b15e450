"""The translator's desk: which block of a page translates which block of the source language, and what is behind.

Read blocks.py first: a page as a row of blocks. ties.py keeps, in text files, which blocks belong together and what the
source said when they were last in step. standing.py compares the ties with the pages as they are now.
"""
