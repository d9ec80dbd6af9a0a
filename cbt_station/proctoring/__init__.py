"""Proctoring: one venue. For now its closing; hub, stations, incidents and acts come to live here.

May import `delivery` and everything below. Absent on purpose: Qt, and what scores.
"""
