using System.Text.Json;
using ClientFailover.Samples.AdapterPair.Adapters;

namespace ClientFailover.Samples.AdapterPair.Demo;

/// <summary>Responsible for one adapter's process, which can be killed and started again.</summary>
internal sealed class AdapterProcess(AdapterFacet facet, Terminal terminal) : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private ChildProcess? _process;
    private TaskCompletionSource _ready = new();

    public Speaker Speaker { get; } = facet.Wire == Wire.Rest ? Speaker.Rest : Speaker.Stream;

    public string SessionId => facet.SessionId;

    /// <summary>Its name in the destination.</summary>
    public string Name => facet.Wire.ToString();

    /// <summary>Starts it, and waits until it has a role.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        _ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new ChildProcess(["adapter"], Hear);
        terminal.Line(Speaker, $"starts, process {_process.Id}");
        await _process.TellAsync(JsonSerializer.Serialize(facet));
        try
        {
            await await Task.WhenAny(_ready.Task, EndedAsync(_process)).WaitAsync(StartTimeout, cancellation);
        }
        catch (TimeoutException)
        {
            throw new DemoException($"The adapter {Name} had no role after {StartTimeout.TotalSeconds:F0} s.");
        }
    }

    /// <summary>Kills it without warning.</summary>
    public async Task KillAsync()
    {
        terminal.Line(Speaker.Kill, $"kills the Primary: {Name}, process {_process!.Id}");
        _process.Kill();
        await _process.DisposeAsync();
        _process = null;
    }

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task EndedAsync(ChildProcess process)
    {
        await process.Exited;
        throw new DemoException($"The adapter {Name} ended before it had a role.");
    }

    private void Hear(string line)
    {
        terminal.Line(Speaker, line);
        if (line.StartsWith(HotBuffer.RoleTaken, StringComparison.Ordinal))
        {
            _ready.TrySetResult();
        }
    }
}
