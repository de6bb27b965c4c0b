namespace ClientFailover.Service.Configuration;

/// <summary>
/// A secret as it is kept, in memory as well as on the disk: encrypted. Only <see cref="SecretProtection"/> makes plain
/// text of it, for as long as that is needed; a dump of the process, a log line or an exception has none.
/// </summary>
/// <param name="ciphertext">What <see cref="SecretProtection.Protect"/> made.</param>
internal sealed class ProtectedSecret(string ciphertext)
{
    /// <summary>What stands for a secret wherever it is shown.</summary>
    public const string Mask = "*****";

    /// <summary>The encrypted text.</summary>
    public string Ciphertext { get; } = ciphertext;

    /// <inheritdoc/>
    public override string ToString() => Mask;
}
