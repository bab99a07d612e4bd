"""One module per screen family; a GET reads the store, a POST calls exactly one function of the flow."""
