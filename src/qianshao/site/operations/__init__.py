"""The engine room: health, measures, logs, scheduled backups."""
