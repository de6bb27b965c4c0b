using ClientFailover.Samples.PlantPair;

return await PlantProgram.RunAsync(args);
