namespace ClientFailover.Service.Identity.Basic;

/// <summary>Name and password of an account of Windows. The system does not tell of changes, so it is asked again from time to time.</summary>
/// <param name="caller">Whose it is.</param>
internal sealed class WindowsCredential(Caller caller) : VerifiedCredential(caller)
{
    /// <summary>How long it counts before the system is asked again.</summary>
    public static readonly TimeSpan VerifiedFor = TimeSpan.FromMinutes(10);

    /// <summary>How long a stream goes on that was opened with it: who was locked out since is out within this.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>How long before that its adapter is told to open another.</summary>
    public static readonly TimeSpan RenewalTime = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public override bool IsRevoked => false;
}
