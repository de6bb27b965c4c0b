using ClientFailover.Installation.Tests.Running;

namespace ClientFailover.Installation.Tests.Windows;

/// <summary>Responsible for running the service's program for Windows, with Wine and a Windows folder of its own.</summary>
internal sealed class Wine : IAsyncDisposable
{
    private readonly TemporaryFolder _prefix = new();
    private readonly string _program;

    private Wine(string program) => _program = program;

    private Dictionary<string, string> Surroundings => new()
    {
        ["WINEPREFIX"] = _prefix.Path,
        ["WINEDEBUG"] = "-all",

        // Nothing is asked, and nothing fetched, for pages of HTML.
        ["WINEDLLOVERRIDES"] = "mshtml=",
    };

    /// <summary>Makes one.</summary>
    public static async Task<Wine> StartAsync()
    {
        await NeededPrograms.EnsureAsync(("wine", "wine"), ("wineserver", "wine"), ("../lib/wine/wine64", "wine64"));

        // Not the single file of a release: this Wine refuses to map the assemblies out of it (E_INVALIDARG). And not compiled ahead, to save time.
        var folder = await PublishedService.PublishAsync("win-x64", "-p:PublishSingleFile=false", "-p:PublishReadyToRun=false");
        return new Wine(Path.Combine(folder, "ClientFailover.Service.exe"));
    }

    /// <summary>A path as Windows says it.</summary>
    /// <param name="path">A path of this system.</param>
    public static string PathOf(string path) => "Z:" + path.Replace('/', '\\');

    /// <summary>Runs the program to its end.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it came to.</returns>
    public Task<Shell> RunAsync(params string[] arguments) => Shell.TryAsync("wine", [_program, .. arguments], environment: Surroundings);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Shell.TryAsync("wineserver", ["--kill", "--wait"], environment: Surroundings);
        _prefix.Dispose();
    }
}
