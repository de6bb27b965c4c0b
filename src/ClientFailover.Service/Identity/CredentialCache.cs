using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Identity;

/// <summary>
/// Responsible for remembering credentials that were verified, so that a heartbeat does not pay for the slow hash. Holds
/// no secret: only a hash of the header under a key that this process made for itself. An entry lives as long as it is
/// used: were it to end while in use, the next heartbeat would wait for a hash behind whoever is guessing passwords.
/// It ends at once when its account changes, and when the credential itself does. One that must be verified anew stays until it
/// was: that it was good before tells it from what strangers send.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="options">Tell how many are remembered, and how seldom a heartbeat may come.</param>
internal sealed class CredentialCache(TimeProvider time, ServiceOptions options)
{
    // Of all, the part that makes room at a time: else each of those that follow would have to look at all of them.
    private const int Part = 100;

    private static readonly TimeSpan ShortestLifetime = TimeSpan.FromMinutes(10);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<CredentialKey, VerifiedCredential> _entries = new();

    /// <summary>
    /// How long a credential that is not used is remembered: from heartbeat to heartbeat of the slowest group there may
    /// be, twice over. Ten minutes at least.
    /// </summary>
    public TimeSpan Lifetime { get; } =
        options.MaximumFailoverTimeout > ShortestLifetime ? options.MaximumFailoverTimeout : ShortestLifetime;

    /// <summary>How many credentials are remembered.</summary>
    public int Capacity { get; } = options.MaxRememberedCredentials;

    /// <summary>How many credentials are remembered now.</summary>
    public int Count => _entries.Count;

    /// <summary>The clock that entries end by.</summary>
    public TimeProvider Time => time;

    /// <summary>The time, by that clock.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The key of a header's value. Hashes the text as it is: nothing is decoded, nothing allocated.</summary>
    /// <param name="header">The value.</param>
    /// <returns>Its key.</returns>
    public CredentialKey KeyOf(string header)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, MemoryMarshal.AsBytes(header.AsSpan()), hash);
        return MemoryMarshal.Read<CredentialKey>(hash);
    }

    /// <summary>Finds a credential that counts.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="credential">The credential.</param>
    /// <returns>Whether it is remembered and still fresh.</returns>
    public bool TryGet(CredentialKey key, [NotNullWhen(true)] out VerifiedCredential? credential)
    {
        if (!_entries.TryGetValue(key, out credential))
        {
            return false;
        }

        if (!Renew(credential))
        {
            if (!IsKept(credential))
            {
                _entries.TryRemove(KeyValuePair.Create(key, credential));
            }

            return false;
        }

        return true;
    }

    /// <summary>Whether a credential was verified before, and is only to be verified anew.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>Whether it is: it has not ended, and was used within <see cref="Lifetime"/>.</returns>
    public bool Contains(CredentialKey key) => _entries.TryGetValue(key, out var credential) && IsKept(credential);

    /// <summary>Forgets a credential that turned out not to be good any more.</summary>
    /// <param name="key">Its key.</param>
    public void Remove(CredentialKey key) => _entries.TryRemove(key, out _);

    /// <summary>Uses a credential that was found before.</summary>
    /// <param name="credential">The credential.</param>
    /// <returns>Whether it still counts.</returns>
    public bool Renew(VerifiedCredential credential)
    {
        var now = time.GetTimestamp();
        if (!credential.IsFresh(time) || time.GetElapsedTime(credential.LastUsed, now) > Lifetime)
        {
            return false;
        }

        credential.LastUsed = now;
        return true;
    }

    /// <summary>Remembers a credential that was just verified.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="credential">The credential.</param>
    public void Add(CredentialKey key, VerifiedCredential credential)
    {
        credential.LastUsed = time.GetTimestamp();
        if (_entries.Count >= Capacity)
        {
            MakeRoom();
        }

        _entries[key] = credential;
    }

    private bool IsKept(VerifiedCredential credential) =>
        !credential.HasEnded(time) && time.GetElapsedTime(credential.LastUsed) <= Lifetime;

    private void MakeRoom()
    {
        var kept = new List<KeyValuePair<CredentialKey, VerifiedCredential>>(Capacity);
        foreach (var entry in _entries)
        {
            if (IsKept(entry.Value))
            {
                kept.Add(entry);
            }
            else
            {
                _entries.TryRemove(entry);
            }
        }

        foreach (var entry in kept.OrderBy(e => e.Value.LastUsed).Take(kept.Count + Math.Max(1, Capacity / Part) - Capacity))
        {
            _entries.TryRemove(entry);
        }
    }
}
