"""The template tags of the design language: ``{% load gc %}``."""
