#!/bin/sh
export TOKEN=@@random:32@@
