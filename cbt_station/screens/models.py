"""What Qt hands to a model or a delegate: an index that may or may not outlive a change of the model."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex

AnyIndex = QModelIndex | QPersistentModelIndex
