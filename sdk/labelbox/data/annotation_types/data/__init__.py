"""The assets that labels are of, and the pixels of masks."""

from labelbox.data.annotation_types.data.generic_data_row_data import GenericDataRowData
from labelbox.data.annotation_types.data.raster import MaskData

__all__ = ["GenericDataRowData", "MaskData"]
