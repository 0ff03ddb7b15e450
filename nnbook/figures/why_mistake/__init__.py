"""Why this mistake: what spoke for the class that was predicted, and what for the true one, part by part."""

from nnbook.figures.why_mistake.live import why_mistake as why_mistake
