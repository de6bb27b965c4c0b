using System.Collections.Concurrent;
using System.Text.Json;
using ClientFailover.HealthReceiver.Rules;

namespace ClientFailover.HealthReceiver;

/// <summary>
/// Responsible for an OMF 1.2 endpoint with its memory: each message is held against the rules and taken as a whole or not at all.
/// Safe for use by many threads.
/// </summary>
public sealed class StrictReceiver(ReceiverOptions? options = null)
{
    private readonly ReceiverOptions _options = options ?? new ReceiverOptions();
    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<OmfPost> _posts = new();
    private readonly ConcurrentQueue<OmfPost> _taken = new();
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly ConcurrentDictionary<OmfPost, CancellationToken> _hanging = new(ReferenceEqualityComparer.Instance);
    private OmfState _state = new();
    private bool _hasForgotten;
    private TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Every request, in the order in which they came.</summary>
    public IReadOnlyCollection<OmfPost> Posts => _posts;

    /// <summary>Every request that was taken.</summary>
    public IReadOnlyCollection<OmfPost> Taken => _taken;

    /// <summary>Which rules were broken; what it refused because it played something is not among them.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>How many requests hang now, whose senders have not given up.</summary>
    public int Hanging => _hanging.Values.Count(t => !t.IsCancellationRequested);

    /// <summary>The values of a container, in the order in which they came; each index once.</summary>
    public IReadOnlyList<StoredValue> ValuesOf(string container)
    {
        lock (_gate)
        {
            return [.. _state.Values.Where(v => v.Container == container)];
        }
    }

    public IReadOnlyList<string> Types => Read(s => s.Types.Keys.ToList());

    public IReadOnlyDictionary<string, string> Containers => Read(s => s.Containers.ToDictionary(c => c.Key, c => c.Value.Type.Id));

    /// <summary>The elements, by type and index with a slash between.</summary>
    public IReadOnlyDictionary<string, JsonElement> Elements => Read(s => new Dictionary<string, JsonElement>(s.Elements));

    public IReadOnlyList<StoredLink> Links => Read(s => s.Links.ToList());

    /// <summary>How many values came again just as they were.</summary>
    public int Repeated => Read(s => s.Repeated);

    /// <summary>Takes a request.</summary>
    /// <param name="post">The request.</param>
    /// <returns>The answer; null: the connection is to be cut.</returns>
    /// <param name="aborted">The sender has given up.</param>
    public async Task<OmfReply?> ReceiveAsync(OmfPost post, CancellationToken aborted)
    {
        _posts.Enqueue(post);
        var fault = _options.Plays(post);
        try
        {
            switch (fault)
            {
                case Fault.Hang:
                    _hanging[post] = aborted;
                    Tell();
                    try
                    {
                        await Task.Delay(Timeout.Infinite, aborted);
                    }
                    finally
                    {
                        _hanging.TryRemove(post, out _);
                    }

                    return null;
                case Fault.Cut:
                    return null;
                case Fault.Status status:
                    return new OmfReply(status.Code, status.Body, status.RetryAfter is { } after ? new Dictionary<string, string> { ["Retry-After"] = after } : null);
                case Fault.Nested nested:
                    Take(post);
                    return new OmfReply(200, PiAnswer.Write([200, nested.Code], nested.Message));
                case Fault.CutAfterwards:
                    Take(post);
                    return null;
                case Fault.Amnesia:
                    lock (_gate)
                    {
                        (_state, _hasForgotten) = (new OmfState(), true);
                    }

                    return Answer(post);
                default:
                    return Answer(post);
            }
        }
        finally
        {
            Tell();
        }
    }

    /// <summary>Waits until something is so; looked at whenever a request has come or was answered.</summary>
    public async Task UntilAsync(Func<StrictReceiver, bool> condition, TimeSpan patience)
    {
        while (true)
        {
            var came = Volatile.Read(ref _came).Task;
            if (condition(this))
            {
                return;
            }

            try
            {
                await came.WaitAsync(patience);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException(
                    $"It did not come. Requests: {string.Join(", ", _posts.Select(p => p.MessageType))}. Violations: {string.Join("; ", _violations)}");
            }
        }
    }

    private OmfReply Answer(OmfPost post)
    {
        try
        {
            return Take(post);
        }
        catch (RefusedException refusal)
        {
            // What is unknown since it was forgotten was known: no rule is broken by sending it.
            if (refusal.BreaksARule && !(refusal.Status == 404 && _hasForgotten))
            {
                _violations.Enqueue($"{refusal.Status}: {refusal.Message}");
            }

            return new OmfReply(refusal.Status, PiAnswer.Write([refusal.Status], refusal.Message));
        }
    }

    private OmfReply Take(OmfPost post)
    {
        var message = MessageForm.Read(post, _options.IsPi);
        lock (_gate)
        {
            // On a copy: a message that breaks a rule in its last part has changed nothing.
            var next = _state.Copy();
            var isNew = message.Type switch
            {
                "type" => TypeRules.Apply(next, message),
                "container" => ContainerRules.Apply(next, message),
                _ => DataRules.Apply(next, message, _options.KeepsElements),
            };
            _state = next;
            _hasForgotten &= message.Type != "container";
            _taken.Enqueue(post);
            var status = message.Type == "data" ? 202 : isNew ? 201 : 200;
            return new OmfReply(_options.IsPi ? 200 : status, _options.IsPi ? PiAnswer.Write([.. message.Body.EnumerateArray().Select(_ => status)], null) : "");
        }
    }

    private void Tell() => Interlocked.Exchange(ref _came, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private T Read<T>(Func<OmfState, T> read)
    {
        lock (_gate)
        {
            return read(_state);
        }
    }
}
