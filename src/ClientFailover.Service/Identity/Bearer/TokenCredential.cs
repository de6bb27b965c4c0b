namespace ClientFailover.Service.Identity.Bearer;

/// <summary>A token of an identity provider. It counts until it expires, or the provider no longer publishes the key that signed it.</summary>
/// <param name="caller">Whose it is.</param>
/// <param name="key">Thumbprint of the key that signed it; null: it has none, and is not looked for.</param>
/// <param name="provider">Knows which keys are published.</param>
internal sealed class TokenCredential(Caller caller, string? key, IdentityProvider provider) : VerifiedCredential(caller)
{
    private volatile PublishedKeys? _judgedBy;
    private volatile bool _isRevoked;

    /// <inheritdoc/>
    public override bool IsRevoked
    {
        get
        {
            // Twice by two requests at once comes to the same.
            if (key is not null && provider.Keys is { } keys && !ReferenceEquals(keys, _judgedBy))
            {
                _isRevoked = !keys.Contain(key);
                _judgedBy = keys;
            }

            return _isRevoked;
        }
    }
}
