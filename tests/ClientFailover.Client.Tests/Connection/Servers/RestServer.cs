using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClientFailover.Client.Tests.Connection.Servers;

/// <summary>
/// Responsible for the documented REST API as services in the field have it, over HTTP/1.1 alone: no gRPC, none of our own routes
/// and members.
/// </summary>
internal sealed class RestServer : IAsyncDisposable
{
    private readonly Changes _changes = new();
    private TestHost _host = null!;

    /// <summary>Every call: method, path and query, body.</summary>
    public ConcurrentQueue<(string Method, string Path, string Body)> Calls { get; } = new();

    /// <summary>The Authorization header of every call.</summary>
    public ConcurrentQueue<string> Authorizations { get; } = new();

    /// <summary>Answers instead of the server where it returns a status.</summary>
    public Func<HttpRequest, int?> Refuse { get; set; } = _ => null;

    /// <summary>Body of the answer to a heartbeat.</summary>
    public Func<string> Reply { get; set; } = () => """{"Role":1,"LastDataProcessedTime":"2026-11-23T02:53:08.9522134Z"}""";

    /// <summary>Body of the group.</summary>
    public string Group { get; set; } = """{"Id":"G","FailoverTimeout":"00:01:00"}""";

    /// <summary>Header of a refusal.</summary>
    public string? RetryAfter { get; set; }

    /// <summary>Base of its API, without a slash at the end.</summary>
    public Uri Endpoint => new(_host.Address, "/base/api/v1/clientfailover");

    /// <summary>The heartbeats.</summary>
    public IEnumerable<string> Heartbeats => Calls.Where(c => c.Path.EndsWith("/heartbeat", StringComparison.Ordinal)).Select(c => c.Body);

    /// <summary>Starts one.</summary>
    public static async Task<RestServer> StartAsync(Action<ListenOptions>? listen = null)
    {
        var server = new RestServer();
        server._host = await TestHost.StartAsync(HttpProtocols.Http1, app => app.Run(server.AnswerAsync), listen: listen);
        return server;
    }

    /// <summary>Waits for calls.</summary>
    public Task CalledAsync(int times) => _changes.UntilAsync(() => Calls.Count >= times);

    /// <summary>Waits for heartbeats.</summary>
    public Task BeatenAsync(int times) => _changes.UntilAsync(() => Heartbeats.Count() >= times);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var target = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        var refusal = Refuse(context.Request);
        Authorizations.Enqueue(context.Request.Headers.Authorization.ToString());
        Calls.Enqueue((context.Request.Method, target.Replace("/base/api/v1/clientfailover", "", StringComparison.Ordinal), body));
        _changes.Tell();
        if (refusal is { } status)
        {
            context.Response.StatusCode = status;
            if (RetryAfter is not null)
            {
                context.Response.Headers.RetryAfter = RetryAfter;
            }

            await context.Response.WriteAsync("""{"OperationId":"1","Error":"It failed.","Reason":"Because.","Resolution":"Do it.","AdditionalParameters":{}}""");
            return;
        }

        if (context.Request.Method == "DELETE")
        {
            context.Response.StatusCode = 204;
            return;
        }

        var answer = target.EndsWith("/heartbeat", StringComparison.Ordinal) ? Reply()
            : target.Contains("/clientsessions", StringComparison.Ordinal) ? body
            : Group;
        using var parsed = JsonDocument.Parse(answer);
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(answer);
    }
}
