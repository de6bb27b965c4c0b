using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClientFailover.Samples.Tests.Omf;

/// <summary>An OMF endpoint that answers data, and containers, as a test says, and all else with 200.</summary>
internal sealed class ScriptedEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _dataMessages;

    private ScriptedEndpoint(Func<HttpContext, int, Task> answer, Func<HttpContext, Task>? answerContainers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async http =>
        {
            Headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            if (http.Request.Headers["messagetype"] == "data")
            {
                await answer(http, Interlocked.Increment(ref _dataMessages));
            }
            else if (http.Request.Headers["messagetype"] == "container" && answerContainers is not null)
            {
                await answerContainers(http);
            }
        });
    }

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/omf");

    /// <summary>Data messages that came.</summary>
    public int DataMessages => _dataMessages;

    /// <summary>Headers of the last message.</summary>
    public Dictionary<string, string> Headers { get; private set; } = [];

    /// <param name="answer">Answers a data message, given its number from 1.</param>
    /// <param name="answerContainers">Answers a container message; null: with 200.</param>
    public static async Task<ScriptedEndpoint> StartAsync(Func<HttpContext, int, Task> answer, Func<HttpContext, Task>? answerContainers = null)
    {
        var endpoint = new ScriptedEndpoint(answer, answerContainers);
        await endpoint._app.StartAsync();
        return endpoint;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
