"""Tile layers: where their tiles are, what they cover (datarow.md 2)."""

from typing import Any

from labelyard.media.refusals import MediaRefused

_EPSG = ("EPSG3857", "EPSG3395", "EPSG4326", "Simple")


def check_tiles(value: dict[str, Any]) -> str:
    """Check a tile layer; TMS_SIMPLE for one without a map behind it, else TMS_GEO. Raises `MediaRefused`."""
    url = _either(value, "tile_layer_url", "tileLayerUrl")
    if not isinstance(url, str) or not all(part in url for part in ("{z}", "{x}", "{y}")):
        raise MediaRefused("The tile layer's URL must contain {z}, {x} and {y}.")
    epsg = value.get("epsg") or "EPSG3857"
    if epsg not in _EPSG:
        raise MediaRefused(
            f"InvalidEspg: the tile layer's epsg {epsg!r} is unknown; there are {', '.join(_EPSG)}."
        )
    bounds = value.get("bounds")
    if bounds is not None:
        try:
            (a, b), (c, d) = bounds
            flat = a == c or b == d
        except (TypeError, ValueError):
            raise MediaRefused("The tile layer's bounds must be two corners of two numbers.") from None
        if flat:
            raise MediaRefused("The tile layer's bounds have no area.")
    least, most = _either(value, "min_zoom", "minZoom"), _either(value, "max_zoom", "maxZoom")
    if least is not None and most is not None and not _is_range(least, most):
        raise MediaRefused(
            f"The tile layer's zooms must be numbers from low to high, not {least!r} to {most!r}."
        )
    return "TMS_SIMPLE" if epsg == "Simple" else "TMS_GEO"


def _either(value: dict[str, Any], name: str, older: str) -> Any:
    return value.get(name, value.get(older))


def _is_range(least: Any, most: Any) -> bool:
    return isinstance(least, int | float) and isinstance(most, int | float) and 0 <= least <= most
