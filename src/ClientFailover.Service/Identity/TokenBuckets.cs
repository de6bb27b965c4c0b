namespace ClientFailover.Service.Identity;

/// <summary>
/// Responsible for token buckets by key, in bounded memory: a full bucket is not kept at all. The framework's
/// partitioned limiters cannot give a token back and have no bound. Not safe for many threads.
/// </summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <param name="time">The clock.</param>
/// <param name="size">Tokens of a full bucket.</param>
/// <param name="window">Time in which an empty bucket fills.</param>
/// <param name="capacity">How many buckets are kept.</param>
internal sealed class TokenBuckets<TKey>(TimeProvider time, int size, TimeSpan window, int capacity)
    where TKey : notnull
{
    // Of all, the part that makes room at a time: else each of those that follow would have to look at all of them.
    private const int Part = 100;

    private readonly Dictionary<TKey, Bucket> _buckets = [];

    /// <summary>How many buckets are kept now.</summary>
    public int Count => _buckets.Count;

    /// <summary>Takes a token.</summary>
    /// <param name="key">From which bucket.</param>
    /// <param name="wait">When there is none: how long until there is one.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryTake(TKey key, out TimeSpan wait)
    {
        var now = time.GetTimestamp();
        var tokens = _buckets.TryGetValue(key, out var bucket) ? TokensOf(bucket, now) : size;
        if (tokens < 1)
        {
            wait = window * ((1 - tokens) / size);
            return false;
        }

        if (_buckets.Count >= capacity && !_buckets.ContainsKey(key))
        {
            MakeRoom(now);
        }

        _buckets[key] = new Bucket(tokens - 1, now);
        wait = TimeSpan.Zero;
        return true;
    }

    /// <summary>Looks whether there is a token, and takes none.</summary>
    /// <param name="key">In which bucket.</param>
    /// <param name="wait">When there is none: how long until there is one.</param>
    /// <returns>Whether there is one.</returns>
    public bool HasAny(TKey key, out TimeSpan wait)
    {
        var tokens = _buckets.TryGetValue(key, out var bucket) ? TokensOf(bucket, time.GetTimestamp()) : size;
        wait = tokens < 1 ? window * ((1 - tokens) / size) : TimeSpan.Zero;
        return tokens >= 1;
    }

    /// <summary>Puts a token back.</summary>
    /// <param name="key">Into which bucket.</param>
    public void Return(TKey key)
    {
        if (!_buckets.TryGetValue(key, out var bucket))
        {
            return;
        }

        var now = time.GetTimestamp();
        var tokens = TokensOf(bucket, now) + 1;
        if (tokens >= size)
        {
            _buckets.Remove(key);
        }
        else
        {
            _buckets[key] = new Bucket(tokens, now);
        }
    }

    private double TokensOf(Bucket bucket, long now) =>
        Math.Min(size, bucket.Tokens + (time.GetElapsedTime(bucket.Updated, now) / window * size));

    private void MakeRoom(long now)
    {
        foreach (var (key, bucket) in _buckets)
        {
            if (TokensOf(bucket, now) >= size)
            {
                _buckets.Remove(key);
            }
        }

        if (_buckets.Count >= capacity)
        {
            foreach (var (key, _) in _buckets.OrderBy(b => b.Value.Updated).Take(Math.Max(1, capacity / Part)).ToList())
            {
                _buckets.Remove(key);
            }
        }
    }

    private readonly record struct Bucket(double Tokens, long Updated);
}
