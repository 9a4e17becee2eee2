it('password: rejects wrong token=abcdef1234', () => { const password = 'correct horse'; });
