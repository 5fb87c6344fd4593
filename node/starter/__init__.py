"""The starter catalogue: modules, tasks and pictures of three fictional organisations, as authors would keep them.

One folder per organisation: ``organisation.toml`` (people, vouches, endorsements), ``modules/*.md``, ``tasks/*.md`` and
``pictures/*.png``. The text is CC-BY-4.0. Task and work-activity ids are those of O*NET 29.3.
"""
