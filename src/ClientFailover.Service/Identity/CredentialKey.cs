using System.Runtime.InteropServices;

namespace ClientFailover.Service.Identity;

/// <summary>What a credential is remembered under: 32 bytes of a keyed hash.</summary>
/// <param name="First">The first half.</param>
/// <param name="Second">The second half.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct CredentialKey(UInt128 First, UInt128 Second)
{
    /// <summary>The bytes are evenly spread already.</summary>
    /// <returns>Some of them.</returns>
    public override int GetHashCode() => (int)(uint)First;
}
