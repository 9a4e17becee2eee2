param adminPassword string = '@@password@@'
