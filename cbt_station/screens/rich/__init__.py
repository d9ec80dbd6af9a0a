"""`RichView`: an item's content, drawn from blocks: text in every script, tables, formulas, pictures, recordings, widgets in it.

HTML never reaches Qt (its text widgets open local files that are named in it), and nothing is looked up outside the `Media`
that is handed in. Lengths are pixels of the screen at the present text size.
"""
