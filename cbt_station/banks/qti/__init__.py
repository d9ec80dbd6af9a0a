"""QTI in: packages, folders and loose files of QTI 2.0 to 3.0, and of QTI 1.2 with its cartridges.

Whatever the version, elements are first given their QTI 3 names; from then on there is one reader. Each item ends as a
`ForeignItem` with its losses named, or is refused with the element that our model cannot say.

`writing/` is the way back, into QTI 3 alone. Absent on purpose: everything that needs a browser (PCI, style sheets).
"""
