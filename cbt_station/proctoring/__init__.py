"""(door card to come)"""
