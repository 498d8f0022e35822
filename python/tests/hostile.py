tried = {}
