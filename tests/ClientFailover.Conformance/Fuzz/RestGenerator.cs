using System.Globalization;
using System.Text;

namespace ClientFailover.Conformance.Fuzz;

/// <summary>Responsible for requests over HTTP/1.1: all routes, in both bases, and everything that is nearly one.</summary>
/// <param name="random">Decides.</param>
internal sealed class RestGenerator(Random random)
{
    private const string Base = "/api/v1/clientfailover";

    private static readonly string[] Methods =
        ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "get", "PRI", "X", "G\u00c8T", new('M', 300)];

    private static readonly string[] OddHeaders =
    [
        "Host: elsewhere", "X: ", "X:\ty", ": y", "X", "X : y", " X: y", "X: \u0001", "X: \u00e9", "Content-Type: text/plain", "Content-Type: ", "Content-Type: application/grpc",
        "Content-Type: application/json; charset=utf-16", "Content-Encoding: gzip", "Expect: 100-continue", "Expect: x", "Connection: close", "Connection: upgrade",
        "Upgrade: h2c", "Upgrade: websocket", "Accept: text/html", "Accept: application/grpc-web", "X-HTTP-Method-Override: DELETE", "X-Original-URL: /healthz/live",
        "Cookie: a=b", "Traceparent: 00-00000000000000000000000000000000-0000000000000000-00", "Traceparent: x", "grpc-timeout: 1n", "grpc-timeout: x", "TE: trailers",
        "Content-Length: 0", "Content-Length: 5", "Content-Length: -1", "Content-Length: 99999999999999999999", "Transfer-Encoding: gzip", "Transfer-Encoding: identity",
        "Transfer-Encoding: chunked", "Keep-Alive: timeout=0", "X-Forwarded-For: 10.0.0.1", "Origin: http://x", "Access-Control-Request-Method: POST", "Range: bytes=0-1",
    ];

    // Those after which it depends on the reader where the request ends.
    private static readonly string[] Framing = ["Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "Expect: x"];

    private readonly JsonGenerator _json = new(random);

    /// <summary>The next request.</summary>
    public RestInput Next()
    {
        var (sender, authorization) = random.Sender();
        var (method, route, body) = Route(sender);
        var path = At(sender, route);
        var isWhole = true;

        // The user tries an administrator's calls on what nobody may change, as they are: changed, one might be a user's.
        if (sender == Sender.User && Administrators(method, route) && random.Chance(30))
        {
            path = At(Sender.Administrator, route.Replace(route.Split('/')[1], Choice.Canary, StringComparison.Ordinal));
        }
        else
        {
            path = random.Chance(25) ? MutatePath(path) : path;
            method = random.Chance(5) ? random.Of<string>(Methods) : method;
        }

        path += random.Chance(20) ? Query() : string.Empty;
        var version = random.Chance(1) ? random.Of("HTTP/1.0", "HTTP/2.0", "HTTP/1.2", "HTTP", "", "http/1.1") : "HTTP/1.1";
        var line = Encoding.Latin1.GetBytes($"{method} {path} {version}\r\n");
        isWhole &= version == "HTTP/1.1" && method != "CONNECT";
        var (headers, wire) = Frame(ref isWhole, body);
        if (random.Chance(2))
        {
            line = random.Mutate(line);
            isWhole = false;
        }

        var input = new RestInput(sender, authorization, line, headers, wire) { IsWhole = isWhole, IsLeft = !isWhole && random.Chance(20) };

        // What was done to an address may have made one of the service itself of it, which an administrator's account would change.
        return sender == Sender.Administrator && Judge.IsOfTenants(input) ? input with { Sender = Sender.User } : input;
    }

    private static bool Administrators(string method, string route) =>
        route.EndsWith("/roleoverride", StringComparison.Ordinal) || (method == "DELETE" && route.Split('/').Length == 2);

    private (string Method, string Route, byte[]? Body) Route(Sender sender)
    {
        var group = $"groups/{random.Group(sender)}";
        var session = $"{group}/clientsessions/{random.Session()}";
        return random.Next(100) switch
        {
            < 4 => ("GET", "", null),
            < 12 => ("GET", "groups", null),
            < 26 => ("POST", "groups", _json.Group(sender)),
            < 30 => ("GET", group, null),
            < 32 => (sender == Sender.Administrator && random.Chance(80) ? "GET" : "DELETE", group, null),
            < 36 => ("GET", $"{group}/status", null),
            < 40 => ("GET", $"{group}/clientsessions", null),
            < 52 => ("POST", $"{group}/clientsessions", _json.Session()),
            < 56 => ("GET", session, null),
            < 58 => ("DELETE", session, null),
            < 82 => ("POST", $"{session}/heartbeat", _json.Heartbeat()),
            < 87 => ("POST", $"{session}/roleoverride", _json.Override()),
            < 91 => ("GET", $"{group}/events", null),
            < 92 => ("GET", "events:watch", null),
            < 93 => ("GET", $"/api/v1/{random.Of("", "configuration", "configuration/logging", "configuration/healthendpoints", "accesscontrol/clientfailover/groups")}", null),
            < 94 when sender != Sender.Administrator => OfAdministrators(),
            < 94 => ("GET", "/api/v1/tenants", null),
            < 95 => (random.Of("PUT", "PUT", "GET"), $"{group}/accesscontrol", _json.AccessList()),
            < 97 => ("GET", random.Of("/healthz/live", "/healthz/ready", "/", "/metrics", "/healthz/live/", "/HEALTHZ/LIVE"), null),
            _ => ("POST", "/clientfailover.v1.GroupService/ListGroups", new byte[5]),
        };
    }

    /// <summary>What changes the service, for those who must not.</summary>
    private (string Method, string Route, byte[]? Body) OfAdministrators() => random.Next(8) switch
    {
        0 => ("PUT", "/api/v1/accesscontrol/clientfailover/groups", _json.AccessList()),
        1 => ("PUT", $"/api/v1/tenants/{Choice.OtherTenant}/namespaces/{Choice.OtherNamespace}/accesscontrol/clientfailover/groups", _json.AccessList()),
        2 => ("POST", "/api/v1/tenants", """{"Id":"stranger"}"""u8.ToArray()),
        3 => ("PUT", $"/api/v1/tenants/{Choice.OtherTenant}/namespaces/{Choice.OtherNamespace}", """{"Name":"x","Limits":{"MaximumGroups":1}}"""u8.ToArray()),
        4 => ("DELETE", $"/api/v1/tenants/{Choice.OtherTenant}", null),
        5 => ("PUT", "/api/v1/configuration/logging", """{"LogLevel":"Fatal"}"""u8.ToArray()),
        6 => ("PUT", "/api/v1/configuration", "{}"u8.ToArray()),
        _ => ("GET", random.Of("/api/v1/tenants", $"/api/v1/tenants/{Choice.OtherTenant}", $"/api/v1/tenants/{Choice.OtherTenant}/namespaces"), null),
    };

    private string At(Sender sender, string route) => route.StartsWith('/') ? route : (random.Next(12) switch
    {
        0 => "/api/v1/tenants/default/namespaces/default/clientfailover",
        1 => $"/api/v1/tenants/{random.Of("other", "DEFAULT", "%2e%2e", "a b")}/namespaces/{random.Of("default", "other")}/clientfailover",
        2 or 3 when sender != Sender.Administrator =>
            $"/api/v1/tenants/{random.Of(Choice.OtherTenant, "BETA", random.Tenant(sender))}/namespaces/{Choice.OtherNamespace}/clientfailover",
        < 10 when sender == Sender.Tenant => $"/api/v1/tenants/{random.Tenant(sender)}/namespaces/{Choice.OtherNamespace}/clientfailover",
        2 => "/API/v1/ClientFailover",
        _ => Base,
    }) + (route.Length > 0 ? "/" + route : string.Empty) + (random.Chance(5) ? "/" : string.Empty);

    private string MutatePath(string path)
    {
        var parts = path.Split('/').ToList();
        var at = random.Next(1, parts.Count);
        switch (random.Next(8))
        {
            case 0:
                parts.Insert(at, random.Segment());
                break;
            case 1:
                parts.RemoveAt(at);
                break;
            case 2:
                parts[at] = string.Concat(parts[at].Select(c => random.Chance(50) ? $"%{(int)c:x2}" : c.ToString()));
                break;
            case 3:
                parts[at] += random.Segment();
                break;
            case 4:
                parts.Insert(at, random.Of("..", ".", "", "%2e%2e", "%2e"));
                break;
            case 5:
                parts[at] = parts[at].ToUpperInvariant();
                break;
            case 6:
                return random.Of("", "*", "http://localhost", "//") + path;
            default:
                parts[at] = random.Segment();
                break;
        }

        return string.Join('/', parts);
    }

    private string Query()
    {
        var query = new StringBuilder("?");
        for (var i = random.Next(4); i > 0; i--)
        {
            query.Append(random.Of("skip", "count", "COUNT", "group", "after", "tenant_id", "group.id", "$alt", "x", random.Segment()))
                .Append(random.Of("=", "=", "=", ""))
                .Append(random.Of("0", "1", "100", "1000", "1001", "-1", "", "1.0", "99999999999", "+1", "true", random.Segment()))
                .Append(random.Of("&", "&", ";", "&&"));
        }

        return query.ToString();
    }

    private (byte[] Headers, byte[] Body) Frame(ref bool isWhole, byte[]? body)
    {
        var headers = new StringBuilder(random.Chance(99) ? "Host: localhost\r\n" : "");
        var wire = body ?? [];
        if (body is not null)
        {
            headers.Append(random.Chance(97) ? "Content-Type: application/json\r\n" : "");
            if (random.Chance(15))
            {
                headers.Append("Transfer-Encoding: chunked\r\n");
                wire = Chunks(body);
                if (random.Chance(10))
                {
                    wire = random.Mutate(wire);
                    isWhole = false;
                }
            }
            else
            {
                var lie = random.Chance(2) ? random.Of(-1, 1, 100) : 0;
                isWhole &= lie == 0;
                headers.Append(CultureInfo.InvariantCulture, $"Content-Length: {Math.Max(0, body.Length + lie)}\r\n");
            }
        }

        if (random.Chance(12))
        {
            var odd = random.Of<string>(OddHeaders);
            isWhole &= !Framing.Any(odd.StartsWith);
            headers.Append(odd).Append("\r\n");
        }

        if (random.Chance(1))
        {
            headers.Append($"X-Long: {new string('x', random.Of(1_000, 33_000))}\r\n");
        }

        var bytes = Encoding.Latin1.GetBytes(headers.Append("\r\n").ToString());
        if (random.Chance(2))
        {
            bytes = random.Mutate(bytes);
            isWhole = false;
        }

        return (bytes, wire);
    }

    private byte[] Chunks(byte[] body)
    {
        using var wire = new MemoryStream();
        for (var at = 0; at < body.Length;)
        {
            var length = Math.Min(random.Next(1, 2_000), body.Length - at);
            wire.Write(Encoding.ASCII.GetBytes($"{length:x}\r\n"));
            wire.Write(body, at, length);
            wire.Write("\r\n"u8);
            at += length;
        }

        wire.Write("0\r\n\r\n"u8);
        return wire.ToArray();
    }
}
