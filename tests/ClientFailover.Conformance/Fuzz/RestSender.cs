using System.Text;
using ClientFailover.Conformance.Running;

namespace ClientFailover.Conformance.Fuzz;

/// <summary>Responsible for sending requests over HTTP/1.1 and for having each answer judged.</summary>
/// <param name="service">The service.</param>
/// <param name="accounts">Who calls.</param>
/// <param name="judge">Judges.</param>
internal sealed class RestSender(RunningService service, FuzzAccounts accounts, Judge judge)
{
    /// <summary>How long the service is left to wait for the rest of a request that is not whole.</summary>
    private static readonly TimeSpan Incomplete = TimeSpan.FromMilliseconds(20);

    /// <summary>Sends requests one after the other without waiting for answers, over as many connections as it takes.</summary>
    /// <param name="inputs">The requests.</param>
    public async Task SendAsync(IReadOnlyList<RestInput> inputs)
    {
        for (var next = 0; next < inputs.Count;)
        {
            var end = next;
            while (end < inputs.Count && inputs[end].IsWhole)
            {
                end++;
            }

            // A request that may not be whole is the last of its connection.
            var part = inputs.Skip(next).Take(Math.Min(end + 1, inputs.Count) - next).ToList();
            next += await SendPartAsync(part);
        }
    }

    private async Task<int> SendPartAsync(List<RestInput> part)
    {
        using var patience = new CancellationTokenSource(RunningService.Patience);
        using var connection = await Http1Connection.OpenAsync(service.Http, patience.Token);
        var sending = connection.SendAsync([.. part.SelectMany(Bytes)], patience.Token);
        var done = 0;
        try
        {
            while (done < part.Count)
            {
                var input = part[done++];
                var reply = input.IsWhole ? await connection.ReadAsync(input.IsHead, patience.Token) : await ReadLastAsync(connection, input, patience.Token);
                judge.Take(input, reply);
                if (reply is null || reply.Closes || reply.IsEndless)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            judge.Unanswered(part[Math.Max(0, done - 1)]);
        }
        finally
        {
            connection.Dispose();
            await sending;
        }

        return done;
    }

    /// <summary>Reads the answers to a request that may be none yet, or several.</summary>
    private async Task<RestReply?> ReadLastAsync(Http1Connection connection, RestInput input, CancellationToken patience)
    {
        if (input.IsLeft)
        {
            await Task.Delay(Incomplete, patience);
            connection.Break();
            return null;
        }

        // The service ends the connection when the caller does, answered or not: hence only after a while.
        await using var end = new Timer(_ => connection.EndRequests(), null, Incomplete, Timeout.InfiniteTimeSpan);
        var first = await connection.ReadAsync(input.IsHead, patience);
        if (first is not { Closes: false, IsEndless: false })
        {
            return first;
        }

        connection.EndRequests();
        while (await connection.ReadAsync(isHead: false, patience) is { } more)
        {
            judge.Take(input, more);
            if (more.IsEndless)
            {
                break;
            }
        }

        return first;
    }

    private byte[] Bytes(RestInput input)
    {
        var authorization = accounts.Of(input);
        return [.. input.Line, .. authorization is null ? [] : Encoding.Latin1.GetBytes($"Authorization: {authorization}\r\n"), .. input.Headers, .. input.Body];
    }
}
