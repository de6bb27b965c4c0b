using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Grpc.Core;

namespace ClientFailover.Conformance.Fuzz;

/// <summary>Responsible for telling which answers a service must never give, and for counting all of them.</summary>
internal sealed class Judge
{
    private static readonly string[] ErrorMembers = ["OperationId", "Error", "Reason", "Resolution"];

    private readonly ConcurrentQueue<string> _findings = new();
    private readonly ConcurrentDictionary<string, int> _counts = new();

    /// <summary>What was found: why, and the request in the form in which it is kept as a case.</summary>
    public IReadOnlyCollection<string> Findings => _findings;

    /// <summary>How often each kind of answer came.</summary>
    public IReadOnlyDictionary<string, int> Counts => _counts;

    /// <summary>How many requests were answered in some way that begins like this.</summary>
    public int Count(string prefix) => _counts.Where(c => c.Key.StartsWith(prefix, StringComparison.Ordinal)).Sum(c => c.Value);

    /// <summary>Whether a request is about tenants and namespaces, and not about what is in one.</summary>
    /// <param name="input">The request.</param>
    public static bool IsOfTenants(RestInput input) => Decoded(input) is var path
        && path.Contains("/api/v1/tenants", StringComparison.OrdinalIgnoreCase) && !path.Contains("/clientfailover", StringComparison.OrdinalIgnoreCase);

    /// <summary>Judges an answer of REST.</summary>
    /// <param name="input">The request.</param>
    /// <param name="reply">Its answer; null: the connection ended without one.</param>
    public void Take(RestInput input, RestReply? reply)
    {
        Add(reply is null ? "rest cut" : $"rest {reply.Status}");
        if (reply is null)
        {
            return;
        }

        // 501 and 505 are the web server's word on a transfer coding or a version of HTTP that it does not know (RFC 9110, 9112).
        // 503 is the contract's word on what cannot be decided now.
        if (reply.Status >= 500 && !(reply.Status is 501 or 505 && reply.Closes) && reply.Status != 503)
        {
            Find($"status {reply.Status}", input);
        }

        if (!input.IsAuthorised && reply.IsSuccess && !IsLiveness(input))
        {
            Find($"{reply.Status} without an account", input);
        }

        if (input.Sender != Sender.Administrator && Choice.PlantedIn(reply.Body) is { } planted)
        {
            Find($"{input.Sender} was told of what is another's: {planted}", input);
        }

        if (input.Sender == Sender.Tenant && reply.IsSuccess && IsApi(input) && !IsOwn(input) && !IsProbe(input))
        {
            Find($"{reply.Status} for a tenant outside of it", input);
        }

        if (input is { Sender: Sender.User, IsWhole: true } && reply.IsSuccess && IsAdministrators(input))
        {
            Find($"{reply.Status} for a user where an administrator is asked for", input);
        }

        if (input is { Sender: Sender.User, IsWhole: true } && reply.IsSuccess && input.Text.Contains("/canary", StringComparison.Ordinal))
        {
            Find($"{reply.Status} for a user where an administrator is asked for", input);
        }

        var isUnderBase = input.Text.Split(' ') is [_, var target, ..] && target.StartsWith("/api/v1/", StringComparison.OrdinalIgnoreCase)
            && !target.Contains("..", StringComparison.Ordinal) && !target.Contains("%2e", StringComparison.OrdinalIgnoreCase);
        if (input.IsWhole && isUnderBase && reply.Status >= 400 && !input.IsHead && !IsErrorResponse(reply))
        {
            Find($"status {reply.Status} without the documented body", input);
        }
    }

    /// <summary>Judges an answer of gRPC.</summary>
    /// <param name="input">The call.</param>
    /// <param name="reply">Its answer; null: the connection ended without one, or the caller reset the call.</param>
    public void Take(CallInput input, CallReply? reply)
    {
        Add(reply switch
        {
            null => input.End == CallEnd.Complete ? "grpc cut" : "grpc left by the caller",
            { ResetCode: { } code } when reply.GrpcStatus is null => $"grpc reset {code}",
            { GrpcStatus: { } status } => $"grpc {(StatusCode)status}",
            _ => $"grpc http {reply.Status}",
        });
        if (reply is null)
        {
            return;
        }

        if (reply.Status >= 500 || reply.ResetCode == 2)
        {
            Find($"status {reply.Status}, reset {reply.ResetCode}", input);
        }

        if ((StatusCode?)reply.GrpcStatus is StatusCode.Internal or StatusCode.Unknown or StatusCode.DataLoss)
        {
            Find($"{(StatusCode)reply.GrpcStatus!} {reply.Message}", input);
        }

        if (!input.IsAuthorised && (reply.GrpcStatus == 0 || reply is { GrpcStatus: null, Status: 200, Received: > 0 }))
        {
            Find("an answer without an account", input);
        }

        if (input.Sender != Sender.Administrator && reply.Leak is { } leak)
        {
            Find($"{input.Sender} was told of what is another's: {leak}", input);
        }

        if (input.Sender == Sender.Tenant && reply.GrpcStatus == 0 && input.Path.StartsWith("/clientfailover.v1.", StringComparison.Ordinal)
            && (CallGenerator.IsOfService(input.Path) || input.Data.SelectMany(d => d).ToArray().AsSpan().IndexOf("gamma"u8) < 0))
        {
            Find("an answer for a tenant outside of it", input);
        }

        if (input.Sender == Sender.User && reply.GrpcStatus == 0 && CallGenerator.IsAdministrators(input.Path))
        {
            Find("an answer for a user where an administrator is asked for", input);
        }
    }

    /// <summary>Counts a connection of frames that are none.</summary>
    public void TakeFrames() => Add("frames ended");

    /// <summary>Finds that a request was not answered in time.</summary>
    /// <param name="input">The request.</param>
    public void Unanswered(FuzzInput input)
    {
        Add("unanswered");
        Find("no answer", input);
    }

    /// <summary>Finds something that no single request is to blame for.</summary>
    /// <param name="what">What.</param>
    public void Find(string what) => _findings.Enqueue(what);

    private static bool IsApi(RestInput input) => Decoded(input).Contains("/api/v1", StringComparison.OrdinalIgnoreCase);

    private static bool IsProbe(RestInput input) => Decoded(input).Contains("/healthz/", StringComparison.OrdinalIgnoreCase);

    private static bool IsOwn(RestInput input) => Decoded(input).Contains($"/tenants/{Identity.TokenProvider.Tenant}/namespaces/", StringComparison.OrdinalIgnoreCase);

    private static bool IsAdministrators(RestInput input) => Decoded(input) is var path
        && (path.Contains("/accesscontrol", StringComparison.OrdinalIgnoreCase)
            || path.Contains("/api/v1/configuration", StringComparison.OrdinalIgnoreCase)
            || IsOfTenants(input));

    private static bool IsLiveness(RestInput input) => Decoded(input).Contains("/healthz/live", StringComparison.OrdinalIgnoreCase);

    // The path as the service understands it: decoded, and without segments that say nothing or lead back.
    private static string Decoded(RestInput input)
    {
        var line = Uri.UnescapeDataString(input.Text.Split('?')[0]);
        var end = line.LastIndexOf(" HTTP/", StringComparison.Ordinal);
        var segments = new List<string>();
        foreach (var segment in (end > 0 ? line[..end] : line).Split('/'))
        {
            if (segment == ".." && segments.Count > 1)
            {
                segments.RemoveAt(segments.Count - 1);
            }
            else if (segment != ".")
            {
                segments.Add(segment);
            }
        }

        return string.Join('/', segments);
    }

    private static bool IsErrorResponse(RestReply reply)
    {
        // The web server's own refusals of what is no HTTP have no body, and end the connection.
        if (reply.Body.Length == 0)
        {
            return reply.Closes;
        }

        try
        {
            using var body = JsonDocument.Parse(reply.Body);
            return ErrorMembers.All(m => body.RootElement.GetProperty(m).GetString()!.Length > 0)
                && body.RootElement.GetProperty("AdditionalParameters").GetProperty("Code").GetString()!.Length > 0;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }

    private void Add(string kind) => _counts.AddOrUpdate(kind, 1, (_, count) => count + 1);

    private void Find(string why, FuzzInput input) => _findings.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{why}: {input.Describe()}"));
}
