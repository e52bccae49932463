"""The shapes of objects on images, in pixels from the top left corner."""

from labelbox.data.annotation_types.geometry.geometry import Geometry
from labelbox.data.annotation_types.geometry.line import Line
from labelbox.data.annotation_types.geometry.mask import Mask
from labelbox.data.annotation_types.geometry.point import Point
from labelbox.data.annotation_types.geometry.polygon import Polygon
from labelbox.data.annotation_types.geometry.rectangle import Rectangle

__all__ = ["Geometry", "Line", "Mask", "Point", "Polygon", "Rectangle"]
