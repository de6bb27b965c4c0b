using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClientFailover.Client.Tests.Connection.Servers;

/// <summary>Responsible for tokens, discovery, and a REST service that wants them, at one address.</summary>
internal sealed class TokenServer : IAsyncDisposable
{
    private readonly Changes _changes = new();
    private TestHost _host = null!;
    private int _given;

    /// <summary>Where discovery is had: "/identity" as in CONNECT, "" otherwise; null: nowhere.</summary>
    public string? Authority { get; set; } = "/identity";

    /// <summary>Life of a token.</summary>
    public int Lifetime { get; set; } = 3600;

    /// <summary>The token that the service takes now; null: the newest.</summary>
    public Func<string, bool> Takes { get; set; } = _ => true;

    /// <summary>Refuses to give a token.</summary>
    public bool Refuses { get; set; }

    /// <summary>What token requests said.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>The tokens that the service was sent, and where.</summary>
    public ConcurrentQueue<(string Path, string Token)> Used { get; } = new();

    /// <summary>Base of the API.</summary>
    public Uri Endpoint => new(_host.Address, "/api/v1/clientfailover");

    /// <summary>Where tokens are.</summary>
    public Uri Tokens => new(_host.Address, "/identity/connect/token");

    /// <summary>Starts one.</summary>
    public static async Task<TokenServer> StartAsync(Action<ListenOptions>? listen = null)
    {
        var server = new TokenServer();
        server._host = await TestHost.StartAsync(HttpProtocols.Http1, app => app.Run(server.AnswerAsync), listen: listen);
        return server;
    }

    /// <summary>Waits for token requests.</summary>
    public Task AskedAsync(int times) => _changes.UntilAsync(() => Asked.Count >= times);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        context.Response.ContentType = "application/json";
        if (path.StartsWith("/api/", StringComparison.Ordinal))
        {
            await AnswerApiAsync(context, path);
        }
        else if (path.EndsWith("/connect/token", StringComparison.Ordinal))
        {
            Asked.Enqueue(body);
            _changes.Tell();
            context.Response.StatusCode = Refuses ? 400 : 200;
            await context.Response.WriteAsync(Refuses
                ? """{"error":"invalid_client"}"""
                : $$"""{"access_token":"planted-token-{{++_given}}","token_type":"Bearer","expires_in":{{Lifetime}}}""");
        }
        else if (Authority is not null && path == Authority + "/.well-known/openid-configuration")
        {
            var issuer = $"{_host.Address.GetLeftPart(UriPartial.Authority)}{Authority}";
            await context.Response.WriteAsync($$"""{"issuer":"{{issuer}}","token_endpoint":"{{issuer}}/connect/token"}""");
        }
        else
        {
            context.Response.StatusCode = 404;
        }
    }

    private async Task AnswerApiAsync(HttpContext context, string path)
    {
        var token = context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
        Used.Enqueue((path, token));
        if (!Takes(token))
        {
            context.Response.StatusCode = 401;
            return;
        }

        await context.Response.WriteAsync(path.EndsWith("/heartbeat", StringComparison.Ordinal) ? """{"Role":1}""" : "{}");
    }
}
