"""The main job from end to end: pictures in, pre-labels, labels, review, export (`make demo`)."""
