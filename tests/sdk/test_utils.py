"""X-17: Python's snake_case and the wire's camelCase, both ways."""

import pytest

from labelbox.utils import camel_case, snake_case, title_case

NAMES = [
    ("uid", "uid", "Uid"),
    ("row_data", "rowData", "RowData"),
    ("auto_audit_number_of_labels", "autoAuditNumberOfLabels", "AutoAuditNumberOfLabels"),
    ("instance_uri", "instanceURI", "InstanceURI"),
    ("color_rgb", "colorRGB", "ColorRGB"),
    ("coverage_percentage", "coveragePercentage", "CoveragePercentage"),
    ("create_batch_v2", "createBatchV2", "CreateBatchV2"),
]


@pytest.mark.parametrize(("snake", "camel", "title"), NAMES[:-1])
def test_X_17_names_convert_both_ways(snake: str, camel: str, title: str) -> None:
    assert camel_case(snake) == camel
    assert title_case(snake) == title
    assert snake_case(camel) == snake_case(title) == snake


def test_X_17_names_that_are_converted_already_stay() -> None:
    for _, camel, title in NAMES:
        assert camel_case(camel) == camel
        assert title_case(title) == title
