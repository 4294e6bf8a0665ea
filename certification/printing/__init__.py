"""The application on paper: one PDF to print, sign and seal, equal to the frozen dossier."""
