using ClientFailover.Service.Hosting;
using ClientFailover.Service.Logging;

if (Commands.TryExecute(ref args, out var exitCode))
{
    return exitCode;
}

var settings = SettingsReader.Read(args, AppContext.BaseDirectory);
if (settings.Mistakes.Count > 0)
{
    Console.Error.WriteLine("The service was not started. Mistakes in its settings:");
    foreach (var mistake in settings.Mistakes)
    {
        Console.Error.WriteLine($"- {mistake}");
    }

    LastWord.Tell($"its settings have mistakes: {string.Join(' ', settings.Mistakes)}", exception: null, settings.Options, data: null);
    return ExitCodes.InvalidSettings;
}

DataDirectory? data = null;
try
{
    data = DataDirectory.Open(settings.Options.DataDirectory, DataDirectory.Patience, TimeProvider.System);
    Ports.EnsureFree(settings.Options);

    // Empty: whatever the framework would read by itself (its own variables, ports, files) is no setting of this service.
    var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
    builder.AddFailoverService(settings, data);

    await using var app = builder.Build();
    app.MapFailoverService();

    var failure = new BackgroundFailure(app);
    await app.RunAsync();
    if (failure.Exception is { } background)
    {
        LastWord.Tell("a part of it failed that it cannot do without.", background, settings.Options, data);
        return ExitCodes.Failure;
    }

    return ExitCodes.Success;
}
catch (Exception e) when (StartupProblem.Explain(e, settings.Options) is { } problem)
{
    Console.Error.WriteLine(problem.Message);
    LastWord.Tell(problem.Message, exception: null, settings.Options, data);
    return problem.ExitCode;
}
catch (Exception e)
{
    // Not left to the runtime, which would end the process with a signal and a memory dump where those are enabled.
    Console.Error.WriteLine(e);
    LastWord.Tell("something unforeseen happened.", e, settings.Options, data);
    return ExitCodes.Failure;
}
finally
{
    data?.Dispose();
}
