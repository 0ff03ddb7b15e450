"""The book while it is written: what is saved is on the page a moment later.

`session` takes changes from `watching` and hands them to resident processes: one runs cells in a warm kernel
(`helper`), one a language keeps Sphinx alive (`pages`). `server` shows the pages, and tells open ones what is new. In
them, `text.js` puts it in, and `page.js` loads the page anew where that can't be done.
"""
