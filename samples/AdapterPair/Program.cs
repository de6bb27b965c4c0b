using ClientFailover.Samples.AdapterPair.Adapters;
using ClientFailover.Samples.AdapterPair.Demo;

// One executable, three parts: the demo, and the processes that it starts of itself.
return args switch
{
    ["adapter"] => await AdapterProgram.RunAsync(),
    ["service", var directory, .. var arguments] => await ServiceProgram.RunAsync(directory, arguments),
    _ => await DemoProgram.RunAsync(args),
};
