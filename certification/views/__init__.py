"""Pages that span stages: a person's work, the applicant's case page, the verbs, the seats."""
