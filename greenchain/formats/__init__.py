"""How days and moments are written where Django's own lists and texts write them; as ``day`` and ``moment`` do."""
