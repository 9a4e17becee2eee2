#!/bin/sh
DB_PASSWORD="@@random:20@@"
