"""What data rows were labeled with in the source project, in the words of the destination's ontology."""

from __future__ import annotations

from dataclasses import dataclass, field

from labelyard import errors
from labelyard.formats.annotation_mapping import FeatureMapping, MappingRefused
from labelyard.labels import actions as labels
from labelyard.labels.records import LabelRecord, MaskCopy
from labelyard.ontologies import actions as ontologies
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import decoded
from labelyard.plumbing.ids import new_id
from labelyard.projects import actions as projects
from labelyard.projects.records import ProjectRecord
from labelyard.workflow.records import SentLabel


@dataclass
class MappedLabels:
    """The labels of some rows: by row what is sent, the masks in it, and how many annotations are left out."""

    sent: dict[str, SentLabel] = field(default_factory=dict)
    masks: list[MaskCopy] = field(default_factory=list)
    dropped: int = 0


@dataclass(frozen=True)
class Documents:
    """Reads and maps labels of one source for one destination; without a mapping there are none."""

    source_id: str | None
    project_id: str
    mapping: FeatureMapping | None

    @classmethod
    async def of(
        cls, context: Context, source_id: str | None, destination: ProjectRecord, given: dict[str, str]
    ) -> Documents:
        """Checks the mapping against both ontologies. Raises Malformed naming every feature that does not fit."""
        if source_id is None or not given:
            return cls(None, destination.id, None)
        source = await projects.get_project(context, source_id)
        for project in (source, destination):
            if project.ontology_id is None:
                raise errors.NotAllowed(f'The project "{project.name}" has no ontology to map features of.')
        assert source.ontology_id is not None and destination.ontology_id is not None
        try:
            mapping = FeatureMapping.of(
                given,
                await ontologies.feature_index(context, source.ontology_id),
                await ontologies.feature_index(context, destination.ontology_id),
            )
        except MappingRefused as refused:
            raise errors.Malformed(str(refused), errors=refused.problems) from None
        return cls(source_id, destination.id, mapping)

    async def read(self, context: Context, data_row_ids: list[str]) -> list[LabelRecord]:
        """The label that stands for each row in the source; skipped ones are none."""
        if self.source_id is None or not data_row_ids:
            return []
        found = await labels.labels_of_rows(context, project_id=self.source_id, data_row_ids=data_row_ids)
        return [made[0] for made in found.values() if not made[0].skipped]

    def map(self, found: list[LabelRecord]) -> MappedLabels:
        """The labels for the destination. One of which nothing is mapped is not sent."""
        mapped = MappedLabels()
        if self.mapping is None:
            return mapped
        for label in found:
            document = decoded(label.annotations)
            had_any = any(document.values()) or label.label_text is not None
            made = self.mapping.apply(document, project_id=self.project_id, new_id=new_id)
            mapped.dropped += made.dropped
            if had_any and made.is_empty:
                continue
            mapped.sent[label.data_row_id] = SentLabel(label.data_row_id, made.document)
            mapped.masks += [
                MaskCopy(label.data_row_id, mask.before, mask.after, mask.composite_id) for mask in made.masks
            ]
        return mapped
