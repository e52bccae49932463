/** The product's mark: one box placed over another. */
export function Mark() {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
      <rect x="1.5" y="1.5" width="10" height="10" fill="none" stroke="currentColor" strokeWidth="1.8" />
      <rect x="6.5" y="6.5" width="10" height="10" fill="var(--accent)" fillOpacity=".3" stroke="var(--accent)" strokeWidth="1.8" />
    </svg>
  );
}
