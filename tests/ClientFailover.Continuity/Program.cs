using ClientFailover.Continuity;
using ClientFailover.Continuity.Adapters;
using ClientFailover.Continuity.Reports;
using ClientFailover.Continuity.Runs;

// One executable, two parts: the bench, and the adapters that it starts of itself.
if (args is [AdapterProgram.Command])
{
    return await AdapterProgram.RunAsync();
}

try
{
    var options = BenchOptions.Parse(args);
    if (options.Command == "takeover")
    {
        return await TakeoverBench.RunAsync(options);
    }

    IReadOnlyList<RunPlan> plans = options.Command switch
    {
        "all" => Matrix.All(),
        "quick" => Matrix.Quick(),
        "field" => Matrix.Field(),
        "run" => [options.Plan],
        _ => throw new ArgumentException($"'{options.Command}' is not understood."),
    };
    plans =
    [
        .. plans.Where(plan => options.Only.Any(text => plan.Id.Contains(text, StringComparison.Ordinal)))
            .Select(plan => plan with { IsSabotaged = options.IsSabotaged })
            .SelectMany(plan => Enumerable.Range(1, options.Repeat).Select(number => plan with { Number = number })),
    ];
    var output = new Output(options.Output);
    var results = await RunQueue.RunAsync(plans, options.Parallel, output, options.Keeps);
    Console.WriteLine();
    Console.WriteLine(Table.ToMarkdown(results));
    Console.WriteLine($"Pictures: {Path.Combine(output.Folder, "continuity.html")}");
    return results.All(result => result.IsGood) ? 0 : 1;
}
catch (ArgumentException e)
{
    await Console.Error.WriteLineAsync($"{e.Message}\n\n{BenchOptions.Usage}");
    return 2;
}
