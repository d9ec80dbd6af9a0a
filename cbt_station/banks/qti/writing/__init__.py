"""QTI 3 out: our content, interactions, rules and blueprints as elements, one module for each, as the readers beside it.

Absent on purpose: which files a package holds, and what of an item another reader would miss (`banks/export_qti3.py`).
"""
