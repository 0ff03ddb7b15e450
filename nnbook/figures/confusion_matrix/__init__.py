"""The confusion matrix that answers: what is in a cell, what another network makes of it, what has changed."""

from nnbook.figures.confusion_matrix.live import confusion_matrix as confusion_matrix
