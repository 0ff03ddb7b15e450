"""What can go wrong with data, and the warning that a small subset stands in for it."""


class DatasetError(Exception):
    """A data set cannot be had or read; the text says the rule, what came, and what to do."""


class FormatError(DatasetError):
    """A data file does not have the layout of its format."""


class DigestError(DatasetError):
    """A data file holds other bytes than those that the book was written with."""


class UnavailableError(DatasetError):
    """An origin, or every origin, could not give the data."""


class SampleDataWarning(UserWarning):
    """The embedded sample stands in for the full data, so results are lower than the book's own."""
