"""Questions in QTI of every version, packages and tests."""
